FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The pinned Node is npm's `node` package, a development dependency; Debian's own only installs it.
RUN npm ci && cp "$(readlink -f node_modules/.bin/node)" /usr/local/bin/lanekeeper-node && npm prune --omit=dev

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lanekeeper && install -d -o lanekeeper /data
COPY --from=build /usr/local/bin/lanekeeper-node /usr/local/bin/node
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY src src
COPY adapters adapters
COPY commands commands
COPY data data
USER lanekeeper
ENV LANEKEEPER_DATA=/data LANEKEEPER_LOG=info
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9469/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli.ts"]
CMD ["serve"]
