{ The C library, for Pascal. Documents are UTF-8 JSON. }
unit CsScaleOut;
{$mode objfpc}{$H+}

interface

{ Sends a request, once: its status (0 or negative), and its document in answer. }
function ScaleOut(const request: RawByteString; out answer: RawByteString): Integer;

{ One value of a document; false where there is none. }
function Get(const document, place: RawByteString; out value: RawByteString): Boolean;

function StatusName(status: Integer): RawByteString;

implementation

uses CTypes, SysUtils;

{$linklib cs_scale_out}
{$linklib c}
function cs_scale_out(json: PAnsiChar; out answer: PAnsiChar): cint; cdecl; external;
function cs_scale_out_json_get(json, place: PAnsiChar; out value: PAnsiChar): cint; cdecl; external;
procedure cs_scale_out_free(text: PAnsiChar); cdecl; external;
function cs_scale_out_status_name(status: cint): PAnsiChar; cdecl; external;

function ScaleOut(const request: RawByteString; out answer: RawByteString): Integer;
var
  text: PAnsiChar;
begin
  if Pos(#0, request) > 0 then
    raise EArgumentException.Create('the request holds a NUL byte');
  Result := cs_scale_out(PAnsiChar(request), text);
  answer := text; { empty if memory ran out }
  cs_scale_out_free(text);
end;

function Get(const document, place: RawByteString; out value: RawByteString): Boolean;
var
  text: PAnsiChar;
begin
  Result := cs_scale_out_json_get(PAnsiChar(document), PAnsiChar(place), text) = 0;
  value := text;
  cs_scale_out_free(text);
end;

function StatusName(status: Integer): RawByteString;
begin
  Result := cs_scale_out_status_name(status);
end;

end.
