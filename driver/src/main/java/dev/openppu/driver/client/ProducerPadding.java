package dev.openppu.driver.client;

/** A cache line and its neighbour, which the hardware fetches with it, before {@link ProducerFields}. */
abstract class ProducerPadding {
    long b0;
    long b1;
    long b2;
    long b3;
    long b4;
    long b5;
    long b6;
    long b7;
    long b8;
    long b9;
    long b10;
    long b11;
    long b12;
    long b13;
    long b14;
    long b15;
}
