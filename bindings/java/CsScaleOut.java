import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Optional;

/** The C library, by JNA. Any thread may call it. */
final class CsScaleOut {
    /** How a call ended: 0 or a negative status, and its document (empty if memory ran out). */
    record Answer(int status, String document) {}

    private interface C extends Library {
        C LIB = Native.load("cs_scale_out", C.class);

        int cs_scale_out(byte[] jsonIn, PointerByReference jsonOut);

        int cs_scale_out_json_get(byte[] json, byte[] pointer, PointerByReference valueOut);

        void cs_scale_out_free(Pointer text);

        String cs_scale_out_status_name(int status);
    }

    private CsScaleOut() {}

    /** Sends a request, once. */
    static Answer scaleOut(String request) {
        if (request.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the request holds a NUL character");
        }
        var out = new PointerByReference();
        return new Answer(C.LIB.cs_scale_out(utf8(request), out), take(out));
    }

    /** One value of a document. */
    static Optional<String> get(String document, String pointer) {
        var out = new PointerByReference();
        int status = C.LIB.cs_scale_out_json_get(utf8(document), utf8(pointer), out);
        String value = take(out);
        return status == 0 ? Optional.of(value) : Optional.empty();
    }

    static String statusName(int status) {
        return C.LIB.cs_scale_out_status_name(status);
    }

    /** NUL-terminated. JNA's own conversion of a String follows the locale, and loses characters. */
    private static byte[] utf8(String text) {
        return Native.toByteArray(text, UTF_8);
    }

    /** Copies the text and releases it. */
    private static String take(PointerByReference out) {
        Pointer text = out.getValue();
        try {
            return text == null ? "" : text.getString(0, "UTF-8");
        } finally {
            C.LIB.cs_scale_out_free(text);
        }
    }
}
