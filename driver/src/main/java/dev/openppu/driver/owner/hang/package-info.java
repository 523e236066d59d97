/**
 * Hang detection by progress: a queue that advances is never called hung, one that does not is, within a limit, unless a liveness probe finds that it is the host that stood still.
 */
package dev.openppu.driver.owner.hang;
