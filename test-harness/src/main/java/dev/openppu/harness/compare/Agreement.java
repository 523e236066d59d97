package dev.openppu.harness.compare;

/** How links agree about a case. */
public enum Agreement {
    /** All that show it behave alike. */
    ALIKE,
    /** One keeps the rule and another does not, or they break it in different ways. */
    DIFFERENT,
    /** It was seen on some links only: hidden, skipped or not run on others. */
    PARTLY_SEEN,
    /** It was seen on none. */
    UNSEEN
}
