--  The C library, for Ada. Documents are UTF-8 JSON, one Character a byte.
with Interfaces.C;

package CS_Scale_Out is

   --  OK or negative.
   type Status is new Interfaces.C.int;
   OK : constant Status := 0;

   type Answer (Length : Natural) is record
      Result   : Status;
      Document : String (1 .. Length);
   end record;

   --  Sends a request, once.
   function Scale_Out (Request : String) return Answer;

   --  One value of a document: Result is OK if there is one.
   function Get (Document, Pointer : String) return Answer;

   function Name (Result : Status) return String;

end CS_Scale_Out;
