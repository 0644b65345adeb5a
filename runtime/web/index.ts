/** A worker's routes and health, over HTTP. */
export { serveWeb, type WebServer, type WebServerOptions } from "./server.ts";
