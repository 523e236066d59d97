package dev.openppu.hal.record;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why a recording's file cannot be read or written. Stateless. */
final class FileProblem {
    private FileProblem() {}

    /** @param missing what it means that the system finds no such file */
    static String words(IOException problem, String missing) {
        return switch (problem) {
            case NoSuchFileException _ -> missing;
            case AccessDeniedException _ -> "this user may not do that";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> problem.getMessage() == null ? problem.toString() : problem.getMessage();
        };
    }
}
