package dev.openppu.rdl.emit.java;

import java.util.TreeSet;

/** One source file: its body is written first, what it imports is known afterwards. */
final class JavaFile {

    private final String packageName;
    private final String source;
    private final TreeSet<String> imports = new TreeSet<>();
    private final CodeWriter body = new CodeWriter();

    /** @param source what the header says that the file came from */
    JavaFile(String packageName, String source) {
        this.packageName = packageName;
        this.source = source;
    }

    CodeWriter body() {
        return body;
    }

    /** The simple name of {@code type}, which is imported. */
    String use(String type) {
        imports.add(type);
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** A call of {@link java.util.Objects#checkIndex}. */
    String checkIndex(String index, String bound) {
        return use("java.util.Objects") + ".checkIndex(" + index + ", " + bound + ")";
    }

    @Override
    public String toString() {
        CodeWriter out = new CodeWriter();
        out.line("%s", header(source)).line("package %s;", packageName).blank();
        imports.forEach(name -> out.line("import %s;", name));
        if (!imports.isEmpty()) {
            out.blank();
        }
        return out + body.toString();
    }

    /** A line that says where a file comes from, whatever the name of that is. */
    private static String header(String source) {
        return "// Generated from " + source.replaceAll("[\\\\\\p{Cntrl}]", "?") + " by the register compiler.";
    }
}
