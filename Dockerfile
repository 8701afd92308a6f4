FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The pinned Node is npm's `node` package, a development dependency; Debian's own only installs it.
RUN npm ci
COPY src src
COPY adapters adapters
COPY commands commands
COPY data data
RUN useradd --create-home lanekeeper && mkdir -p /data && chown lanekeeper /data
USER lanekeeper
ENV LANEKEEPER_DATA=/data
VOLUME /data
ENTRYPOINT ["node_modules/.bin/node", "src/cli.ts"]
CMD ["serve"]
