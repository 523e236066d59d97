package dev.openppu.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and, where the build saw a repository, the commit that this command was built from. */
public final class BuildVersion implements IVersionProvider {
    private static final String RESOURCE = "build.properties";

    /** One line, for example {@code ppu 0.1.0 (0123abc)}; the commit ends in {@code -dirty} where the build held more than it. */
    public static String current() {
        Properties build = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build of ppu lacks its resource " + RESOURCE);
            }
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return describe(build.getProperty("version", "unknown"), build.getProperty("commit", ""));
    }

    static String describe(String version, String commit) {
        return commit.isBlank() ? "ppu " + version : "ppu " + version + " (" + commit + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[]{current()};
    }
}
