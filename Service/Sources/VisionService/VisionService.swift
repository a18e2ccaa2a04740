import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals
import VisionServing
import VisionSystem

/// A service that answers images with models, from its start to its end.
package struct VisionService: Sendable {
  private let settings: ServiceSettings
  private let hub: ModelHub
  private let queue: AnswerQueue
  private let metrics = ServiceMetrics()
  private let isStopping = NIOLockedValueBox(false)
  private let group = NIOLockedValueBox<ServiceGroup?>(nil)

  package init(_ settings: ServiceSettings) {
    self.settings = settings
    hub = ModelHub(settings, metrics: metrics)
    queue = AnswerQueue(
      workers: settings.workers, batching: settings.batching, limits: settings.limits, metrics: metrics,
      clock: MultiThreadedEventLoopGroup.singleton.next())
  }

  var routes: [Route] {
    let images = ImageQuestion.all.map { question in
      ImageRoute(question: question, hub: hub, queue: queue, limits: settings.limits).route
    }
    let stopping = isStopping
    let described =
      images + ModelRoutes(hub: hub).routes
      + HealthRoutes { stopping.withLockedValue { $0 } }.routes
      + InferenceRoutes(hub: hub, limits: settings.limits, queue: queue).routes
      + [ReportRoute(hub: hub).route, MetricsRoute(hub: hub, queue: queue, metrics: metrics).route]
    let document = OpenAPI.document(described).indented + "\n"
    let description = Route(method: .get, path: "/openapi.json", isOpen: true) { _ in
      Reply.text(document, type: "application/json")
    }
    return described + [description] + PageRoutes.routes
  }

  /// Serves until it is told to stop by a signal, or its task is cancelled, and every request that was accepted is answered.
  ///
  /// - Parameters:
  ///   - signals: whether SIGTERM and SIGINT stop it.
  ///   - report: called with what people may want to know.
  ///   - ready: called with the port once it listens.
  /// - Throws: the error of a model that cannot be read, and of an address that is taken.
  package func run(
    signals: Bool = true, report: @escaping @Sendable (String) -> Void,
    ready: @escaping @Sendable (Int) -> Void
  ) async throws {
    try await hub.prepare()
    var logger = Logger(label: "visionnet")
    logger.logLevel = .critical
    let limits = settings.limits
    let server = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionHandler(limits: limits)],
      idleTimeout: .seconds(75),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
    )
    let application = Application(
      responder: ServiceResponder(
        routes: routes, access: settings.access, metrics: metrics, memory: BodyMemory(limit: limits.allBodies)
      ),
      server: .http1(configuration: server),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.address.host, port: settings.address.port), backlog: 1024,
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      services: [ModelWatch(hub: hub, seconds: settings.reloadSeconds, report: report)],
      onServerRunning: { channel in ready(channel.localAddress?.port ?? 0) }, logger: logger)
    let (stopping, group) = (isStopping, group)
    var configuration = ServiceGroupConfiguration(
      services: [application, StopNotice { stopping.withLockedValue { $0 = true } }],
      gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(min(limits.seconds, 86_400) * 2 + 5)
    let services = ServiceGroup(configuration: configuration)
    group.withLockedValue { $0 = services }
    do {
      try await services.run()
    } catch {
      await end()
      throw error
    }
    await end()
  }

  /// Ends `run` as a signal does.
  package func stop() async { await group.withLockedValue { $0 }?.triggerGracefulShutdown() }

  private func end() async {
    await queue.stop()
    await hub.stop()
  }
}

extension VisionService {
  /// The cores that this process may use.
  package static var availableThreads: Int { ServedModel.availableThreads }

  /// The exit code for an error, as those of `visionnet`.
  package static func exitCode(for error: any Error) -> Int32 {
    switch (error as? any VisionError)?.blame {
    case .usage?: 64
    case .data?: 65
    case .missingInput?: 66
    case .storage?: 74
    case .interruption?: 130
    case .machine?, nil: 1
    }
  }
}
