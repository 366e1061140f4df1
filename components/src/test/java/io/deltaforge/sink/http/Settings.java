package io.deltaforge.sink.http;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.sink.http.HttpSinkConfig.BatchFormat;
import io.deltaforge.sink.http.HttpSinkConfig.Method;
import io.deltaforge.sink.http.HttpSinkConfig.Mode;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.Template;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Settings as in a pipeline file, with the defaults there. */
record Settings(
        String url,
        String method,
        Map<String, String> headers,
        Mode mode,
        BatchFormat format,
        int maxBatchEvents,
        int maxBatchBytes,
        int maxInflight,
        Duration timeout,
        String caFile,
        Envelope envelope) {

    static Settings of(String url) {
        return new Settings(
                url,
                "POST",
                Map.of(),
                Mode.SINGLE,
                BatchFormat.ARRAY,
                500,
                1 << 20,
                1,
                Duration.ofSeconds(30),
                null,
                new NativeEnvelope());
    }

    Settings put() {
        return new Settings(
                url,
                "put",
                headers,
                mode,
                format,
                maxBatchEvents,
                maxBatchBytes,
                maxInflight,
                timeout,
                caFile,
                envelope);
    }

    Settings header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Settings(
                url, method, more, mode, format, maxBatchEvents, maxBatchBytes, maxInflight, timeout, caFile, envelope);
    }

    Settings batch(BatchFormat batchFormat, int maxEvents, int maxBytes) {
        return new Settings(
                url,
                method,
                headers,
                Mode.BATCH,
                batchFormat,
                maxEvents,
                maxBytes,
                maxInflight,
                timeout,
                caFile,
                envelope);
    }

    Settings inflight(int requests) {
        return new Settings(
                url, method, headers, mode, format, maxBatchEvents, maxBatchBytes, requests, timeout, caFile, envelope);
    }

    Settings timeout(Duration patience) {
        return new Settings(
                url,
                method,
                headers,
                mode,
                format,
                maxBatchEvents,
                maxBatchBytes,
                maxInflight,
                patience,
                caFile,
                envelope);
    }

    Settings ca(String file) {
        return new Settings(
                url,
                method,
                headers,
                mode,
                format,
                maxBatchEvents,
                maxBatchBytes,
                maxInflight,
                timeout,
                file,
                envelope);
    }

    Settings envelope(Envelope other) {
        return new Settings(
                url, method, headers, mode, format, maxBatchEvents, maxBatchBytes, maxInflight, timeout, caFile, other);
    }

    HttpSinkConfig config() {
        Map<String, Secret> secrets = new TreeMap<>();
        headers.forEach((name, value) -> secrets.put(name, new Secret(value)));
        return new HttpSinkConfig(
                "hooks",
                Template.parse(url),
                Method.parse(method),
                secrets,
                mode,
                format,
                maxBatchEvents,
                maxBatchBytes,
                maxInflight,
                timeout,
                Duration.ofSeconds(10),
                caFile,
                envelope,
                new JsonEncoding(),
                true);
    }
}
