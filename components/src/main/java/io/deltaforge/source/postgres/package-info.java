/** Reads changes from PostgreSQL's log: logical replication with the {@code pgoutput} plugin. */
@NullMarked
package io.deltaforge.source.postgres;

import org.jspecify.annotations.NullMarked;
