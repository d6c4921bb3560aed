--  Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
--
--      scale_out_ada request.json
--      scale_out_ada < request.json
with Ada.Command_Line;      use Ada.Command_Line;
with Ada.Strings.Fixed;
with Ada.Strings.Unbounded; use Ada.Strings.Unbounded;
with Ada.Text_IO;           use Ada.Text_IO;
with CS_Scale_Out;          use CS_Scale_Out;

procedure Scale_Out is

   function Read_Request return String is
      File : File_Type;
      Text : Unbounded_String;
   begin
      if Argument_Count > 0 and then Argument (1) /= "-" then
         Open (File, In_File, Argument (1));
         Set_Input (File);
      end if;
      while not End_Of_File loop
         Append (Text, Get_Line & ASCII.LF);
      end loop;
      return To_String (Text);
   end Read_Request;

   procedure Print_Member (Document, Member : String) is
      Value : constant Answer := Get (Document, "/" & Member);
   begin
      if Value.Result = OK then
         Put_Line (Standard_Error, Member & ": " & Value.Document);
      end if;
   end Print_Member;

   procedure Print_List (Document, List, First, Second : String) is
   begin
      for Item in Natural loop
         declare
            Number : constant String := Ada.Strings.Fixed.Trim (Item'Image, Ada.Strings.Left);
            Place  : constant String := "/" & List & "/" & Number & "/";
            One    : constant Answer := Get (Document, Place & First);
         begin
            exit when One.Result /= OK;
            Put_Line
              (Standard_Error,
               "  " & One.Document & ": " & Get (Document, Place & Second).Document);
         end;
      end loop;
   end Print_List;

   Sent : constant Answer := CS_Scale_Out.Scale_Out (Read_Request);
begin
   if Sent.Result = OK then
      declare
         Task_Id : constant Answer := Get (Sent.Document, "/task_id");
      begin
         --  A dry run has no task.
         Put_Line (if Task_Id.Result = OK then "task " & Task_Id.Document else Sent.Document);
      end;
   else
      Put_Line (Standard_Error, "status: " & Name (Sent.Result));
      Print_Member (Sent.Document, "message");
      Print_Member (Sent.Document, "hint");
      Print_List (Sent.Document, "problems", "path", "message");
      Print_List (Sent.Document, "candidates", "task_id", "state");
   end if;
   Print_List (Sent.Document, "warnings", "path", "message");
   Set_Exit_Status (Exit_Status (-Sent.Result));
end Scale_Out;
