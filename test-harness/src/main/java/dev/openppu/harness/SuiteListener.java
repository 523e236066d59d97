package dev.openppu.harness;

import dev.openppu.hal.LinkIdentity;

/** Hears how a suite goes on. Called on the thread that runs it, in order. */
public interface SuiteListener {
    /** Hears nothing. */
    SuiteListener SILENT = new SuiteListener() {};

    default void began(Suite suite, LinkIdentity link) {}

    default void stageBegan(Stage stage) {}

    default void caseBegan(Stage stage, Case subject) {}

    /** Something that a case has found, one line. */
    default void noted(Case subject, String note) {}

    default void caseEnded(CaseResult result) {}

    /** @param nanos that the stage took on the link's clock */
    default void stageEnded(Stage stage, Tally tally, long nanos) {}

    default void ended(SuiteReport report) {}
}
