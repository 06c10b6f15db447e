/**
 * The images that our Dockerfiles and the compose file name, made from package registries where no image registry can be reached.
 * They carry what ours use of the originals: program paths, users, entry points. Never made over an image that is there.
 */
import { access, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { $ } from 'zx';
import { MIRROR } from './apt.ts';
import type { Step } from './step.ts';

const run = $({ quiet: true });
const TOXIPROXY = '2.12.0';
const TOXIPROXY_IMAGE = `ghcr.io/shopify/toxiproxy:${TOXIPROXY}`;

const imageExists = async (name: string): Promise<boolean> =>
  (await run({ nothrow: true })`docker image inspect ${name}`).exitCode === 0;

type Image = { readonly name: string; readonly remedy: string; readonly make: (folder: string) => Promise<unknown> };

function imageStep({ name, remedy, make }: Image): Step {
  return {
    name: `image ${name}`,
    present: () => imageExists(name),
    make: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'halfopen-image-'));
      try {
        await make(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    remedy,
  };
}

async function build(name: string, folder: string, dockerfile: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'Dockerfile'), dockerfile.join('\n'));
  await run`docker build --quiet --tag ${name} ${folder}`;
}

const debian = imageStep({
  name: 'debian:bookworm-slim',
  remedy: `check that ${MIRROR} can be reached, or pull the image`,
  make: async (folder) => {
    const tar = join(folder, 'base.tar');
    await run`mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm ${tar} ${MIRROR}`;
    await run`docker import --change ${'CMD ["bash"]'} ${tar} debian:bookworm-slim`;
  },
});

const node = imageStep({
  name: 'node:24-bookworm-slim',
  remedy: 'run `npm ci`, which brings the node binary that goes into the image, or pull the image',
  make: async (folder) => {
    await copyFile('node_modules/node/bin/node', join(folder, 'node'));
    await build('node:24-bookworm-slim', folder, [
      'FROM debian:bookworm-slim',
      'COPY --chmod=755 node /usr/local/bin/node',
      'RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node',
      'CMD ["node"]',
    ]);
  },
});

const python = imageStep({
  name: 'python:3.11-slim-bookworm',
  remedy: `check that ${MIRROR} can be reached from inside \`docker build\`, or pull the image`,
  make: (folder) =>
    build('python:3.11-slim-bookworm', folder, [
      'FROM debian:bookworm-slim',
      'RUN apt-get update && apt-get install -y --no-install-recommends python3-minimal libpython3-stdlib python-is-python3 && rm -rf /var/lib/apt/lists/*',
      'CMD ["python3"]',
    ]),
});

const golang = imageStep({
  name: 'golang:1.26-bookworm',
  remedy: 'install Go 1.26, which goes into the image, or pull the image',
  make: async (folder) => {
    const dockerfile = join(folder, 'Dockerfile');
    const lines = ['FROM debian:bookworm-slim', 'COPY . /usr/local/go', 'ENV PATH=/usr/local/go/bin:$PATH', ''];
    await writeFile(dockerfile, lines.join('\n'));
    const root = (await run`go env GOROOT`).stdout.trim();
    await run`docker build --quiet --tag golang:1.26-bookworm --file ${dockerfile} ${root}`;
  },
});

export const baseImages: readonly Step[] = [debian, node, python, golang];

export const toxiproxyImage: Step = imageStep({
  name: TOXIPROXY_IMAGE,
  remedy: 'install Go 1.23 or later with its module proxy in reach, or pull the image',
  make: async (folder) => {
    const module = 'github.com/Shopify/toxiproxy/v2';
    const version = `-s -w -X ${module}.Version=${TOXIPROXY}`;
    const go = run({ env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' } });
    await go`go install -trimpath -ldflags ${version} ${`${module}/cmd/server@v${TOXIPROXY}`}`;
    await build(TOXIPROXY_IMAGE, folder, [
      'FROM scratch',
      'COPY server /toxiproxy',
      'EXPOSE 8474',
      'ENTRYPOINT ["/toxiproxy"]',
      'CMD ["-host=0.0.0.0"]',
    ]);
  },
});

const SERVER = process.env['TOXIPROXY_SERVER'] ?? '';

/** The same program for this machine, where `TOXIPROXY_SERVER` says: the tests that compare with it need no container. */
export const toxiproxyServer: Step = {
  name: 'toxiproxy-server',
  present: () =>
    access(SERVER).then(
      () => true,
      () => false,
    ),
  make: async () => {
    await mkdir(dirname(SERVER), { recursive: true });
    const container = (await run`docker create ${TOXIPROXY_IMAGE}`).stdout.trim();
    try {
      await run`docker cp ${container}:/toxiproxy ${SERVER}`;
    } finally {
      await run`docker rm ${container}`;
    }
  },
  remedy: 'set TOXIPROXY_SERVER to a path that can be written, or to toxiproxy-server 2.12 itself',
};
