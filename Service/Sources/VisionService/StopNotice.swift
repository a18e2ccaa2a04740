import ServiceLifecycle

/// Says that a service is to stop, before those that were started earlier do.
struct StopNotice: Service {
  let tell: @Sendable () -> Void

  func run() async throws {
    try? await gracefulShutdown()
    tell()
  }
}
