import ServiceLifecycle

/// Looks at the models' files now and then.
struct ModelWatch: Service {
  let hub: ModelHub
  let seconds: Double
  let report: @Sendable (String) -> Void

  func run() async throws {
    guard seconds > 0 else {
      try? await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(min(seconds, 86_400)))) != nil { await hub.reload(report) }
    }
  }
}
