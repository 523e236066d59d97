/**
 * The client half's insides: what a user-mode driver does below the public interface. Filling packets, ringing doorbells, staging, arguments, completion.
 */
package dev.openppu.driver.client;
