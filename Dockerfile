# syntax=docker/dockerfile:1
# Builds DeltaForge and keeps what `run` needs: a JRE, the distribution without the sandbox, a user without rights.
#   docker build -t deltaforge .
#   docker run --rm -v $PWD/logs.yaml:/etc/deltaforge/pipeline.yaml:ro deltaforge
# with a Maven, which fetches the pinned one
FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY . .
RUN ./deltaforge version && rm -rf app/target/dist/sandbox app/target/dist/bench app/target/dist/start-up

FROM eclipse-temurin:21-jre
RUN groupadd --system --gid 10001 deltaforge \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/deltaforge --create-home --shell /usr/sbin/nologin deltaforge
COPY --from=build /src/app/target/dist /opt/deltaforge
# the class archive for a quick start belongs to the Java of this image
RUN /opt/deltaforge/deltaforge version && ln -s /opt/deltaforge/deltaforge /usr/local/bin/deltaforge
USER 10001
WORKDIR /var/lib/deltaforge
VOLUME /var/lib/deltaforge
EXPOSE 8080 9000
ENTRYPOINT ["/opt/deltaforge/deltaforge"]
CMD ["run", "/etc/deltaforge/pipeline.yaml", "--data-dir", "/var/lib/deltaforge/data", "--api-addr", "0.0.0.0:8080", "--metrics-addr", "0.0.0.0:9000"]
