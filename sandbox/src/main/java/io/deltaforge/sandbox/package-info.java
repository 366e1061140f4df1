/** Real servers for tests and newcomers: Kafka, PostgreSQL, a TCP proxy that misbehaves on demand, a shop that trades. */
@NullMarked
package io.deltaforge.sandbox;

import org.jspecify.annotations.NullMarked;
