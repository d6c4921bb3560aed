-- Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
--
--     luajit scale_out.lua request.json
--     luajit scale_out.lua < request.json
local ffi = require("ffi")

ffi.cdef [[
int cs_scale_out(const char *json_in, char **json_out);
int cs_scale_out_json_get(const char *json, const char *pointer, char **value_out);
void cs_scale_out_free(char *text);
const char *cs_scale_out_status_name(int status);
]]
local lib = ffi.load("cs_scale_out")

-- Calls a function whose last parameter is `char **`: its status, and its text as a Lua string.
local function call(func, ...)
    local out = ffi.new("char *[1]")
    local arguments = { ... }
    arguments[#arguments + 1] = out
    local status = func(unpack(arguments))
    local text = out[0] ~= nil and ffi.string(out[0]) or "" -- no text: memory ran out
    lib.cs_scale_out_free(out[0])
    return status, text
end

-- Sends a request, once: its status (0 or negative) and its document.
local function scale_out(request)
    assert(not request:find("\0", 1, true), "the request holds a NUL byte")
    return call(lib.cs_scale_out, request)
end

-- One value of a document, or nil.
local function get(document, pointer)
    local status, value = call(lib.cs_scale_out_json_get, document, pointer)
    return status == 0 and value or nil
end

local function print_list(document, list, first, second)
    for item = 0, math.huge do
        local place = ("/%s/%d/"):format(list, item)
        local one = get(document, place .. first)
        if not one then return end
        io.stderr:write("  ", one, ": ", get(document, place .. second) or "", "\n")
    end
end

local name = arg[1] or "-"
local file = name == "-" and io.stdin or assert(io.open(name, "rb"))
local status, answer = scale_out(file:read("*a"))

if status == 0 then
    local task = get(answer, "/task_id")
    print(task and "task " .. task or answer) -- a dry run has no task
else
    io.stderr:write("status: ", ffi.string(lib.cs_scale_out_status_name(status)), "\n")
    for _, member in ipairs { "message", "hint" } do
        local value = get(answer, "/" .. member)
        if value then io.stderr:write(member, ": ", value, "\n") end
    end
    print_list(answer, "problems", "path", "message")
    print_list(answer, "candidates", "task_id", "state")
end
print_list(answer, "warnings", "path", "message")
os.exit(-status)
