#!/usr/bin/env ruby
# Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
#
#     ruby scale_out.rb request.json
#     ruby scale_out.rb < request.json
require 'fiddle/import'

module CsScaleOut
  module C
    extend Fiddle::Importer
    dlload 'libcs_scale_out.so'
    extern 'int cs_scale_out(const char *json_in, char **json_out)'
    extern 'int cs_scale_out_json_get(const char *json, const char *pointer, char **value_out)'
    extern 'void cs_scale_out_free(char *text)'
    extern 'const char *cs_scale_out_status_name(int status)'
  end

  module_function

  # Sends a request, once: its status (0 or negative) and its document.
  def scale_out(request)
    raise ArgumentError, 'the request holds a NUL byte' if request.b.include?("\0")

    call(:cs_scale_out, request)
  end

  # One value of a document, or nil.
  def get(document, pointer)
    status, value = call(:cs_scale_out_json_get, document, pointer)
    value if status.zero?
  end

  def status_name(status)
    C.cs_scale_out_status_name(status).to_s
  end

  # Calls a function whose last parameter is `char **`.
  def call(function, *arguments)
    Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE) do |out|
      status = C.send(function, *arguments, out)
      text = out.ptr.null? ? '' : out.ptr.to_s.force_encoding('UTF-8') # none if memory ran out
      C.cs_scale_out_free(out.ptr)
      [status, text]
    end
  end
end

def print_list(document, list, first, second)
  (0..).each do |item|
    one = CsScaleOut.get(document, "/#{list}/#{item}/#{first}") or return
    warn "  #{one}: #{CsScaleOut.get(document, "/#{list}/#{item}/#{second}")}"
  end
end

if $PROGRAM_NAME == __FILE__
  status, answer = CsScaleOut.scale_out(ARGF.read)
  if status.zero?
    task = CsScaleOut.get(answer, '/task_id')
    puts task ? "task #{task}" : answer # a dry run has no task
  else
    warn "status: #{CsScaleOut.status_name(status)}"
    %w[message hint].each do |member|
      value = CsScaleOut.get(answer, "/#{member}")
      warn "#{member}: #{value}" if value
    end
    print_list(answer, 'problems', 'path', 'message')
    print_list(answer, 'candidates', 'task_id', 'state')
  end
  print_list(answer, 'warnings', 'path', 'message')
  exit(-status)
end
