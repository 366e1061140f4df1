/** Logs of containers by the Docker Engine API over its unix socket. */
@NullMarked
package io.deltaforge.source.docker;

import org.jspecify.annotations.NullMarked;
