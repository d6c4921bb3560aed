import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Adds worker nodes to an ACK cluster: reads a request document (the file named, or standard
 * input), sends it, prints what came of it.
 */
final class ScaleOut {
    private static final PrintStream OUT = utf8(FileDescriptor.out);
    private static final PrintStream ERR = utf8(FileDescriptor.err);

    public static void main(String[] args) throws IOException {
        boolean fromStdin = args.length == 0 || args[0].equals("-");
        byte[] bytes = fromStdin ? System.in.readAllBytes() : Files.readAllBytes(Path.of(args[0]));
        // new String() would replace what is not UTF-8, and send a changed document.
        String request = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();

        CsScaleOut.Answer answer = CsScaleOut.scaleOut(request);
        String document = answer.document();
        if (answer.status() == 0) {
            Optional<String> task = CsScaleOut.get(document, "/task_id");
            OUT.println(task.map(id -> "task " + id).orElse(document)); // no task: dry run
        } else {
            ERR.println("status: " + CsScaleOut.statusName(answer.status()));
            for (String member : List.of("message", "hint")) {
                CsScaleOut.get(document, "/" + member)
                        .ifPresent(value -> ERR.println(member + ": " + value));
            }
            printList(document, "problems", "path", "message");
            printList(document, "candidates", "task_id", "state");
        }
        printList(document, "warnings", "path", "message");
        System.exit(-answer.status());
    }

    private static PrintStream utf8(FileDescriptor file) {
        return new PrintStream(new FileOutputStream(file), true, UTF_8);
    }

    private static void printList(String document, String list, String first, String second) {
        for (int item = 0; ; item++) {
            String place = "/" + list + "/" + item + "/";
            Optional<String> one = CsScaleOut.get(document, place + first);
            if (one.isEmpty()) {
                return;
            }
            ERR.println("  " + one.get() + ": " + CsScaleOut.get(document, place + second).orElse(""));
        }
    }
}
