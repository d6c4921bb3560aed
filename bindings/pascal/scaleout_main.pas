{ Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.

      scale_out_pascal request.json
      scale_out_pascal < request.json }
program ScaleOut_Main;
{$mode objfpc}{$H+}

uses SysUtils, CsScaleOut;

function ReadRequest: RawByteString;
var
  source: file;
  buffer: array[1..65536] of Byte;
  count, length_before: Integer;
begin
  Assign(source, '/dev/stdin');
  if (ParamCount > 0) and (ParamStr(1) <> '-') then
    Assign(source, ParamStr(1));
  FileMode := 0; { read only }
  Reset(source, 1);
  Result := '';
  repeat
    BlockRead(source, buffer, SizeOf(buffer), count);
    length_before := Length(Result);
    SetLength(Result, length_before + count);
    if count > 0 then
      Move(buffer, Result[length_before + 1], count);
  until count = 0;
  Close(source);
end;

procedure PrintMember(const document, member: RawByteString);
var
  value: RawByteString;
begin
  if Get(document, '/' + member, value) then
    WriteLn(StdErr, member, ': ', value);
end;

procedure PrintList(const document, list, first, second: RawByteString);
var
  one, two, place: RawByteString;
  item: Integer = 0;
begin
  place := '/' + list + '/0/';
  while Get(document, place + first, one) do
  begin
    Get(document, place + second, two);
    WriteLn(StdErr, '  ', one, ': ', two);
    Inc(item);
    place := '/' + list + '/' + IntToStr(item) + '/';
  end;
end;

var
  status: Integer;
  answer, task: RawByteString;
begin
  status := ScaleOut(ReadRequest, answer);
  if status = 0 then
  begin
    if Get(answer, '/task_id', task) then
      WriteLn('task ', task)
    else
      WriteLn(answer); { a dry run has no task }
  end
  else
  begin
    WriteLn(StdErr, 'status: ', StatusName(status));
    PrintMember(answer, 'message');
    PrintMember(answer, 'hint');
    PrintList(answer, 'problems', 'path', 'message');
    PrintList(answer, 'candidates', 'task_id', 'state');
  end;
  PrintList(answer, 'warnings', 'path', 'message');
  Halt(-status);
end.
