with Ada.Characters.Latin_1;
with Ada.Strings.Fixed;
with Interfaces.C.Strings; use Interfaces.C.Strings;

package body CS_Scale_Out is

   function cs_scale_out
     (JSON : Interfaces.C.char_array; Answer : out chars_ptr) return Status
     with Import, Convention => C;
   function cs_scale_out_json_get
     (JSON, Pointer : Interfaces.C.char_array; Value : out chars_ptr) return Status
     with Import, Convention => C;
   procedure cs_scale_out_free (Text : chars_ptr) with Import, Convention => C;
   function cs_scale_out_status_name (Result : Status) return chars_ptr
     with Import, Convention => C;

   --  Copies the text and releases it.
   function Take (Result : Status; Text : chars_ptr) return Answer is
      Copied : constant String := (if Text = Null_Ptr then "" else Value (Text));
   begin
      cs_scale_out_free (Text);
      return (Copied'Length, Result, Copied);
   end Take;

   function Scale_Out (Request : String) return Answer is
      NUL    : constant String := (1 => Ada.Characters.Latin_1.NUL);
      Text   : chars_ptr;
      Result : Status;
   begin
      if Ada.Strings.Fixed.Index (Request, NUL) > 0 then
         raise Constraint_Error with "the request holds a NUL byte";
      end if;
      Result := cs_scale_out (Interfaces.C.To_C (Request), Text);
      return Take (Result, Text);
   end Scale_Out;

   function Get (Document, Pointer : String) return Answer is
      Text   : chars_ptr;
      Result : constant Status :=
        cs_scale_out_json_get (Interfaces.C.To_C (Document), Interfaces.C.To_C (Pointer), Text);
   begin
      return Take (Result, Text);
   end Get;

   function Name (Result : Status) return String is (Value (cs_scale_out_status_name (Result)));

end CS_Scale_Out;
