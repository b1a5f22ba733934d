# syntax=docker/dockerfile:1
FROM rust:1-bookworm AS chef
RUN cargo install cargo-chef --locked
WORKDIR /build

FROM chef AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

# Dependencies are built in a layer of their own: a change of our code does not build them again.
FROM chef AS build
COPY --from=plan /build/recipe.json recipe.json
RUN cargo chef cook --release --locked --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --bin tsunagu

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data tsunagu \
 && install --directory --owner tsunagu /data
COPY --from=build /build/target/release/tsunagu /usr/local/bin/tsunagu
USER tsunagu
ENV DATA_DIR=/data PORT=5000
VOLUME /data
EXPOSE 5000
# As long as the server gives live calls to end, and a little more.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["tsunagu", "health"]
ENTRYPOINT ["tsunagu"]
CMD ["serve"]
