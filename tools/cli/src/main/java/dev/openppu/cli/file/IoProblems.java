package dev.openppu.cli.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words what the class names of file system exceptions say. */
public final class IoProblems {
    private IoProblems() {}

    /** What went wrong, without the path where the caller has said it. */
    public static String describe(IOException problem) {
        return switch (problem) {
            case NoSuchFileException e -> "no such file or folder";
            case AccessDeniedException e -> "permission denied";
            case NotDirectoryException e -> "not a folder";
            case FileAlreadyExistsException e -> "it exists already, and is not a folder or may not be replaced";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        };
    }
}
