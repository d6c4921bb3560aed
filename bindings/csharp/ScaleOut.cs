// Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
//
//     mono scale_out.exe request.json
//     mono scale_out.exe < request.json
using System;
using System.IO;
using System.Text;

static class Program
{
    static readonly TextWriter Out = Utf8(Console.OpenStandardOutput()), Err = Utf8(Console.OpenStandardError());

    static TextWriter Utf8(Stream file) => new StreamWriter(file, CsScaleOut.Utf8) { AutoFlush = true };

    static int Main(string[] args)
    {
        bool fromStdin = args.Length == 0 || args[0] == "-";
        string request;
        using (Stream file = fromStdin ? Console.OpenStandardInput() : File.OpenRead(args[0]))
            request = new StreamReader(file, CsScaleOut.Utf8, false).ReadToEnd();
        int status = CsScaleOut.Send(request, out string answer);
        if (status == 0)
        {
            string task = CsScaleOut.Get(answer, "/task_id");
            Out.WriteLine(task != null ? "task " + task : answer); // a dry run has no task
        }
        else
        {
            Err.WriteLine("status: " + CsScaleOut.StatusName(status));
            foreach (string member in new[] { "message", "hint" })
            {
                string value = CsScaleOut.Get(answer, "/" + member);
                if (value != null) Err.WriteLine(member + ": " + value);
            }
            PrintList(answer, "problems", "path", "message");
            PrintList(answer, "candidates", "task_id", "state");
        }
        PrintList(answer, "warnings", "path", "message");
        return -status;
    }

    static void PrintList(string document, string list, string first, string second)
    {
        for (int item = 0; ; item++)
        {
            string one = CsScaleOut.Get(document, $"/{list}/{item}/{first}");
            if (one == null) return;
            Err.WriteLine($"  {one}: {CsScaleOut.Get(document, $"/{list}/{item}/{second}")}");
        }
    }
}
