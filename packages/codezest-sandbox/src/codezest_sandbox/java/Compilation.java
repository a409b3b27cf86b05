package codezest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** One submission compiled in memory. Of other submissions it sees nothing: only the platform's classes are shared. */
final class Compilation {
    private static final List<String> OPTIONS = List.of("-proc:none", "-implicit:none", "-encoding", "UTF-8");
    private static final int MOST_OUTPUT = 64 << 10;
    private static final long MOST_CLASS_BYTES = 8L << 20;

    private final Map<String, ByteArrayOutputStream> made = new LinkedHashMap<>();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();
    private final BoundedWriter output = new BoundedWriter();
    private boolean succeeded;
    private boolean exhausted;

    /** The compiler and the index of the platform's own classes, which no submission can change. */
    static final class Platform {
        private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);

        Platform() throws IOException {
            files.setLocation(StandardLocation.CLASS_PATH, Collections.emptyList());
            files.setLocation(StandardLocation.SOURCE_PATH, Collections.emptyList());
        }
    }

    Compilation(Platform platform, Map<String, String> sources) {
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        try {
            succeeded = platform.compiler
                    .getTask(output, new Outputs(platform.files), null, OPTIONS, null, units)
                    .call();
        } catch (VirtualMachineError | RuntimeException error) {
            exhausted = true;
        }
        exhausted |= output.exhausted();
        if (exhausted) {
            succeeded = false;
            output.add("the compiler could not cope with this program\n");
        } else if (succeeded) {
            made.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        }
    }

    boolean succeeded() {
        return succeeded;
    }

    /** Whether the compiler ran out of memory or failed by itself; it should not be used again. */
    boolean exhausted() {
        return exhausted;
    }

    /** What the compiler said, cut off when it is long. */
    String output() {
        return output.toString();
    }

    /** Binary names, with dots, to class files. */
    Map<String, byte[]> classes() {
        return classes;
    }

    /** Names the file in traces, too: any name will do, if it has to be changed to be part of a URI. */
    private static URI place(String name) {
        try {
            return new URI("memory", null, "/" + name, null);
        } catch (URISyntaxException unusual) {
            return URI.create("memory:/unnamed");
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String name, String text) {
            super(place(name), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        /** A public class may be called as the learner likes, whatever the file is called here. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE && !simpleName.equals("package-info") && !simpleName.equals("module-info");
        }

        @Override
        public NestingKind getNestingKind() {
            return null;
        }

        @Override
        public Modifier getAccessLevel() {
            return null;
        }
    }

    private final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
        private long room = MOST_CLASS_BYTES;

        Outputs(JavaFileManager platform) {
            super(platform);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(place(className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
                        @Override
                        public void write(byte[] content, int offset, int length) {
                            room -= length;
                            if (room < 0) {
                                throw new IllegalStateException("the classes are too large");
                            }
                            super.write(content, offset, length);
                        }
                    };
                    made.put(className, bytes);
                    return bytes;
                }
            };
        }

        @Override
        public void flush() {}

        @Override
        public void close() {} // the platform's files stay open for the next
    }

    private static final class BoundedWriter extends Writer {
        private final StringBuilder kept = new StringBuilder();

        @Override
        public void write(char[] text, int offset, int length) {
            kept.append(text, offset, Math.min(length, Math.max(0, MOST_OUTPUT - kept.length())));
        }

        void add(String line) {
            kept.append(line);
        }

        /** The compiler catches some of its own failures and only says so. */
        boolean exhausted() {
            return kept.indexOf("The system is out of resources.") >= 0
                    || kept.indexOf("An exception has occurred in the compiler") >= 0;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return kept.toString();
        }
    }
}
