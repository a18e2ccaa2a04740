import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import VisionServing

/// The images of all requests: a bounded queue, and threads that take them in order of arrival, those of one model together.
final class AnswerQueue: Sendable {
  private struct State {
    var waiting: [ImageJob] = []
    /// Threads that are busy, and the images that they work on.
    var busy = 0
    var running = 0
    /// Other work that waits or runs.
    var other = 0
    /// Seconds that an image takes a thread, as an average that forgets.
    var pace = 0.05
  }

  private let state = NIOLockedValueBox(State())
  private let threads: NIOThreadPool
  private let workers: Int
  private let batching: Batching
  private let limits: RequestLimits
  private let metrics: ServiceMetrics
  private let clock: any EventLoop

  init(
    workers: Int, batching: Batching, limits: RequestLimits, metrics: ServiceMetrics, clock: any EventLoop
  ) {
    (self.workers, self.batching, self.limits) = (max(workers, 1), batching, limits)
    (self.metrics, self.clock) = (metrics, clock)
    threads = NIOThreadPool(numberOfThreads: max(workers, 1))
    threads.start()
  }

  /// Images that wait, and those that are worked on.
  var depth: (waiting: Int, running: Int) { state.withLockedValue { ($0.waiting.count, $0.running) } }

  /// Admits images, all or none.
  ///
  /// - Parameter isWanted: whether the client is still there; called from any thread.
  /// - Throws: `queueFull`.
  func admit(
    _ images: [ServedImage], asking question: ServedQuestion, to model: ServedModel,
    while isWanted: @escaping @Sendable () -> Bool
  ) throws(ServiceError) -> [ImageJob] {
    let jobs = images.map { ImageJob(model, $0, question, seconds: limits.seconds, isWanted: isWanted) }
    let (isAdmitted, pace, count) = state.withLockedValue { state in
      if state.waiting.contains(where: \.isOver) { state.waiting.removeAll { $0.isOver } }
      let fits = state.waiting.count + jobs.count <= limits.queue
      if fits { state.waiting += jobs }
      return (fits, state.pace, state.waiting.count)
    }
    guard isAdmitted else {
      let seconds = (Double(count) * pace / Double(workers)).rounded(.up)
      throw ServiceError(
        .queueFull, "\(count) images are waiting, and \(limits.queue) may", remedy: "ask again later",
        retryAfter: Int(min(max(seconds, 1), 600)))
    }
    begin()
    return jobs
  }

  /// Does other long work on the threads of images.
  ///
  /// - Throws: `queueFull`, and the errors of the work.
  func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    let isAdmitted = state.withLockedValue { state in
      guard state.waiting.count + state.other < limits.queue else { return false }
      state.other += 1
      return true
    }
    guard isAdmitted else {
      throw ServiceError(
        .queueFull, "\(limits.queue) requests are waiting", remedy: "ask again later", retryAfter: 1)
    }
    defer { state.withLockedValue { $0.other -= 1 } }
    return try await threads.runIfActive(body)
  }

  /// Waits for all that was admitted, then ends the threads.
  func stop() async {
    while state.withLockedValue({ $0.waiting.count + $0.running + $0.other }) > 0 {
      try? await Task.sleep(for: .milliseconds(5))
    }
    try? await threads.shutdownGracefully()
  }

  /// Wakes threads for what waits, at once or when it has waited long enough for others.
  private func begin() {
    let (starts, wait): (Int, TimeAmount?) = state.withLockedValue { state in
      guard let first = state.waiting.first, state.busy < workers else { return (0, nil) }
      if let wait = delay(first, waiting: state.waiting.count) { return (0, wait) }
      let runs = (state.waiting.count + batching.size - 1) / max(batching.size, 1)
      let starts = min(workers - state.busy, runs)
      state.busy += starts
      return (starts, nil)
    }
    for _ in 0..<starts { threads.submit { _ in self.work() } }
    if let wait { clock.scheduleTask(in: wait) { self.begin() } }
  }

  /// How long the first image still waits for others; nil where it need not.
  private func delay(_ first: ImageJob, waiting: Int) -> TimeAmount? {
    guard batching.size > 1, batching.milliseconds > 0, waiting < batching.size else { return nil }
    let ripe = first.admitted + .microseconds(Int64(min(batching.milliseconds, 60_000) * 1000))
    let left = ripe - .now()
    return left > .nanoseconds(0) ? left : nil
  }

  /// Answers what waits, on one thread, until nothing does.
  private func work() {
    while true {
      let jobs = take()
      guard !jobs.isEmpty else { break }
      let now = NIODeadline.now()
      let late = jobs.filter { $0.deadline < now }
      for job in late {
        job.finish(
          .failure(
            ServiceError(
              .timeout, "the answer did not begin within \(limits.seconds) seconds",
              remedy: "ask again later",
              retryAfter: 1)))
      }
      let rest = jobs.filter { $0.deadline >= now && !$0.isOver }
      if let first = rest.first {
        let model = first.model
        let answers = model.answers(
          to: rest.map(\.image), asking: first.question, limits: limits.served)
        for (job, answer) in zip(rest, answers) { job.finish(.success(answer)) }
        let seconds = Double((.now() - now).nanoseconds) * 1e-9
        metrics.ran(model, images: rest.count, seconds: seconds, waited: rest.map { now - $0.admitted })
        state.withLockedValue { $0.pace += (seconds / Double(rest.count) - $0.pace) * 0.1 }
      }
      state.withLockedValue { $0.running -= jobs.count }
    }
    // Something may have come, or become ripe, after the last look.
    begin()
  }

  /// The next images, all of one model and question; none where nothing is ripe, and the thread is then no longer busy.
  private func take() -> [ImageJob] {
    state.withLockedValue { state in
      state.waiting.removeAll { $0.isOver }
      guard let first = state.waiting.first, delay(first, waiting: state.waiting.count) == nil else {
        state.busy -= 1
        return []
      }
      var (jobs, rest): ([ImageJob], [ImageJob]) = ([], [])
      for job in state.waiting {
        if job.fits(first), jobs.count < batching.size {
          jobs.append(job)
        } else {
          rest.append(job)
        }
      }
      state.waiting = rest
      state.running += jobs.count
      return jobs
    }
  }
}
