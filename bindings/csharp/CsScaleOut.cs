// The C library, by P/Invoke. Any thread may call it.
using System;
using System.Runtime.InteropServices;
using System.Text;

static class CsScaleOut
{
    // Strict, so that no changed document is sent.
    public static readonly Encoding Utf8 = new UTF8Encoding(false, true);

    [DllImport("cs_scale_out")] static extern int cs_scale_out(byte[] json, out IntPtr answer);
    [DllImport("cs_scale_out")] static extern int cs_scale_out_json_get(byte[] json, byte[] pointer, out IntPtr value);
    [DllImport("cs_scale_out")] static extern void cs_scale_out_free(IntPtr text);
    [DllImport("cs_scale_out")] static extern IntPtr cs_scale_out_status_name(int status);

    // Sends a request, once: its status (0 or negative) and its document.
    public static int Send(string request, out string document)
    {
        if (request.IndexOf('\0') >= 0) throw new ArgumentException("the request holds a NUL character");
        int status = cs_scale_out(Bytes(request), out IntPtr text);
        document = Take(text);
        return status;
    }

    // One value of a document, or null.
    public static string Get(string document, string pointer)
    {
        int status = cs_scale_out_json_get(Bytes(document), Bytes(pointer), out IntPtr text);
        string value = Take(text);
        return status == 0 ? value : null;
    }

    public static string StatusName(int status) => Copy(cs_scale_out_status_name(status));

    static byte[] Bytes(string text) => Utf8.GetBytes(text + '\0');

    static string Take(IntPtr text)
    {
        try { return Copy(text); } finally { cs_scale_out_free(text); }
    }

    static string Copy(IntPtr text)
    {
        if (text == IntPtr.Zero) return ""; // memory ran out
        int length = 0;
        while (Marshal.ReadByte(text, length) != 0) length++;
        var bytes = new byte[length];
        Marshal.Copy(text, bytes, 0, length);
        return Utf8.GetString(bytes);
    }
}
