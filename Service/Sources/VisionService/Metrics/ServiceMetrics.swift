import NIOConcurrencyHelpers
import NIOCore
import VisionServing

/// What a service has done since it was started, as Prometheus asks for it.
final class ServiceMetrics: Sendable {
  private struct Request: Hashable {
    let route: String
    let status: Int
  }

  private struct State {
    var requests: [Request: Int] = [:]
    var latencies: [String: Histogram] = [:]
    var images: [String: Int] = [:]
    var batches: [String: Histogram] = [:]
    var runs: [String: Histogram] = [:]
    var waits = Histogram(Histogram.seconds)
    var loads: [String: Int] = [:]
    var putAway: [String: Int] = [:]
    var reloads: [String: Int] = [:]
    var failedReloads: [String: Int] = [:]
  }

  private let state = NIOLockedValueBox(State())

  func answered(_ route: String, status: Int, seconds: Double) {
    state.withLockedValue { state in
      state.requests[Request(route: route, status: status), default: 0] += 1
      state.latencies[route, default: Histogram(Histogram.seconds)].add(seconds)
    }
  }

  /// One run of a model on images, and how long each of them had waited.
  func ran(_ model: ServedModel, images: Int, seconds: Double, waited: [TimeAmount]) {
    state.withLockedValue { state in
      state.images[model.name, default: 0] += images
      state.batches[model.name, default: Histogram(Histogram.images)].add(Double(images))
      state.runs[model.name, default: Histogram(Histogram.seconds)].add(seconds)
      for wait in waited { state.waits.add(Double(wait.nanoseconds) * 1e-9) }
    }
  }

  func loaded(_ model: ServedModel, puttingAway freed: [String]) {
    state.withLockedValue { state in
      state.loads[model.name, default: 0] += 1
      for name in freed { state.putAway[name, default: 0] += 1 }
    }
  }

  func reloaded(_ name: String, failed: Bool) {
    state.withLockedValue { state in
      if failed { state.failedReloads[name, default: 0] += 1 } else { state.reloads[name, default: 0] += 1 }
    }
  }

  /// The text for Prometheus, format 0.0.4.
  func text(queue: (waiting: Int, running: Int), models: [ModelHub.Listing]) -> String {
    let state = state.withLockedValue { $0 }
    var page = MetricsPage()
    page.counter(
      "visionnet_requests_total", "Requests by route and status.",
      state.requests.map { ([("route", $0.key.route), ("status", "\($0.key.status)")], $0.value) })
    page.histogram(
      "visionnet_request_seconds", "From the head of a request to its answer.", "route", state.latencies)
    page.counter("visionnet_images_total", "Images that networks have run on.", byModel(state.images))
    page.histogram("visionnet_batch_images", "Images in a run of a network.", "model", state.batches)
    page.histogram("visionnet_run_seconds", "A run with decoding.", "model", state.runs)
    page.histogram("visionnet_wait_seconds", "From admission to the run.", "", ["": state.waits])
    page.gauge("visionnet_queue_images", "Images that wait.", [([], queue.waiting)])
    page.gauge("visionnet_running_images", "Images that are worked on.", [([], queue.running)])
    page.counter("visionnet_model_loads_total", "Times that a model was read.", byModel(state.loads))
    page.counter(
      "visionnet_model_evictions_total", "Times that a model was put away.", byModel(state.putAway))
    page.counter(
      "visionnet_model_reloads_total", "Times that a changed file was taken.", byModel(state.reloads))
    page.counter(
      "visionnet_model_reload_failures_total", "Times that a changed file was not usable.",
      byModel(state.failedReloads))
    page.gauge(
      "visionnet_model_bytes", "About how much the weights of a model take.",
      models.compactMap { model in model.loaded.map { ([("model", model.name)], $0.byteCount) } })
    if let memory = ResidentMemory.bytes {
      page.gauge("process_resident_memory_bytes", "Resident memory.", [([], memory)])
    }
    return page.text
  }

  private func byModel(_ counts: [String: Int]) -> [(labels: [(String, String)], value: Int)] {
    counts.map { ([("model", $0.key)], $0.value) }
  }
}
