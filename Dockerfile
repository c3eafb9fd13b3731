# sufficit with the programs that read scans and old office files. See compose.yaml and docs/qdrant.md.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked -p sufficit-app

FROM debian:12-slim
RUN apt-get update \
 && apt-get install --no-install-recommends -y ca-certificates libreoffice-writer libreoffice-calc libreoffice-impress tesseract-ocr tesseract-ocr-eng \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 sufficit \
 && install --directory --owner sufficit --mode 700 /data
COPY --from=build /build/target/release/sufficit /usr/local/bin/sufficit
USER sufficit
WORKDIR /data
ENTRYPOINT ["sufficit"]
