/**
 * Mutual exclusion and waiting that go through the link's runtime, so that under a simulated clock a waiting thread hands the baton on.
 */
package dev.openppu.driver.sync;
