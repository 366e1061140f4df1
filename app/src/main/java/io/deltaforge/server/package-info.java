/** What can be seen of running pipelines: the REST API and the Prometheus metrics. */
@NullMarked
package io.deltaforge.server;

import org.jspecify.annotations.NullMarked;
