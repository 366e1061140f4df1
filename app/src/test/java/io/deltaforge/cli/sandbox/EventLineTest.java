package io.deltaforge.cli.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.sandbox.TopicReader.Received;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class EventLineTest {
    private final EventLine lines = new EventLine(ZoneOffset.UTC);

    @Test
    void anInsertShowsItsColumnsButNotTheKeyTwice() {
        assertThat(shown("{\"id\":17}", "c", "null", """
                {"id":17,"total":1062.760,"shipping":{"city":"Tromsø","express":true},"note":null}"""))
                .isEqualTo("12:04:31.250 insert orders      17    "
                        + "total=1062.760 shipping={\"city\":\"Tromsø\",\"express\":true} note=null");
    }

    @Test
    void anUpdateShowsOldAndNewOfWhatChanged() {
        assertThat(shown("{\"id\":17}", "u", """
                {"id":17,"status":"new","total":5.00}""", """
                {"id":17,"status":"paid","total":5.00}"""))
                .isEqualTo("12:04:31.250 update orders      17    status=new → paid");
    }

    @Test
    void anUpdateWithoutBeforeShowsTheNewValues() {
        assertThat(shown("{\"id\":17}", "u", "null", """
                {"id":17,"status":"paid","total":5.00}"""))
                .isEqualTo("12:04:31.250 update orders      17    status=paid total=5.00");
    }

    @Test
    void aChangedKeyIsShownAsAChange() {
        assertThat(shown("{\"id\":18}", "u", "{\"id\":17}", "{\"id\":18,\"status\":\"paid\"}"))
                .isEqualTo("12:04:31.250 update orders      18    id=17 → 18 status=paid");
    }

    @Test
    void aDeleteOfACompositeKey() {
        assertThat(shown("{\"order_id\":12,\"line\":3}", "d", "{\"order_id\":12,\"line\":3}", "null"))
                .isEqualTo("12:04:31.250 delete orders      12/3");
    }

    @Test
    void aTableWithoutAKey() {
        assertThat(shown(null, "c", "null", "{\"note\":\"hi\"}"))
                .isEqualTo("12:04:31.250 insert orders      -     note=hi");
    }

    @Test
    void whatIsNoChangeIsPassedOver() {
        assertThat(ChangeEvent.of(new Received("shop.orders", bytes("{\"id\":1}"), null)))
                .isEmpty();
        assertThat(ChangeEvent.of(new Received("shop.orders", null, bytes("not json"))))
                .isEmpty();
        assertThat(ChangeEvent.of(new Received("shop.orders", null, bytes("{\"payload\":{}}"))))
                .isEmpty();
    }

    private String shown(String key, String op, String before, String after) {
        String value = """
                {"id":"0/1:1","op":"%s","ts_us":1795262671250000,"before":%s,"after":%s,
                 "source":{"connector":"postgresql","schema":"public","table":"orders","tx_id":7,"lsn":99}}""".formatted(op, before, after);
        Received received = new Received("shop.orders", key == null ? null : bytes(key), bytes(value));
        return lines.of(ChangeEvent.of(received).orElseThrow()).render(1_000, false);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
