/** Syslog over TCP, TLS and UDP: RFC 5424, RFC 3164, RFC 5425, RFC 5426, RFC 6587. */
@NullMarked
package io.deltaforge.source.syslog;

import org.jspecify.annotations.NullMarked;
