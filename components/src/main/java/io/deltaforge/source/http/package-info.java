/** Entries over HTTP, acknowledged once they are durable. */
@NullMarked
package io.deltaforge.source.http;

import org.jspecify.annotations.NullMarked;
