import Hummingbird

/// `GET /metrics`.
struct MetricsRoute: Sendable {
  let hub: ModelHub
  let queue: AnswerQueue
  let metrics: ServiceMetrics

  var route: Route {
    Route(method: .get, path: "/metrics", operation: OpenAPI.metrics) { _ in
      Reply.text(
        metrics.text(queue: queue.depth, models: hub.listings),
        type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }
}
