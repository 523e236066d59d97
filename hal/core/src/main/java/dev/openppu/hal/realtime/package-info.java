/** Clock, waiting and threads of links in real time: what every link but one under a simulated clock is made with. */
package dev.openppu.hal.realtime;
