import HTTPTypes
import Hummingbird
import NIOCore
import VisionServing
import VisionSystem

/// `POST /v1/classify`, `/v1/detect`, `/v1/faces`, `/v1/embed` and `/v1/explain`.
struct ImageRoute: Sendable {
  let question: ImageQuestion
  let hub: ModelHub
  let queue: AnswerQueue
  let limits: RequestLimits

  var route: Route {
    Route(method: .post, path: "/v1/\(question.verb)", operation: OpenAPI.images(question)) {
      try await answer($0)
    }
  }

  private func answer(_ call: Call) async throws -> Response {
    let asked = try await ImageRequestReader(limits: limits, question: question).read(call)
    let model = try await hub.model(named: asked.model, for: question.task)
    let channel = call.channel
    let accepted = call.request.headers[.accept] ?? "*/*"
    if accepted.contains("application/x-ndjson") {
      return stream(asked, model, call.lease) { channel.isActive }
    }
    let isPicture = !asked.isList && !accepted.contains("application/json")
    let jobs = try queue.admit(asked.images, asking: question.served(isPicture: isPicture), to: model) {
      channel.isActive
    }
    var answers: [ServedAnswer] = []
    for job in jobs { answers.append(try await job.answer()) }
    if asked.isList {
      let isAny = answers.contains { $0.errorCode == nil }
      return Reply.json(
        .array(answers.map(\.json)), status: isAny ? .ok : Self.status(of: answers.first))
    }
    if let picture = answers.first?.picture { return Reply.bytes(picture, type: "image/png") }
    return Reply.json(answers.first?.json ?? .null, status: Self.status(of: answers.first))
  }

  /// The status of an answer that stands alone.
  static func status(of answer: ServedAnswer?) -> HTTPResponse.Status {
    switch answer?.errorCode {
    case nil: .ok
    case "tooLarge": .contentTooLarge
    case "unsupported": .unsupportedMediaType
    case "empty", "truncated", "corrupt", "invalidArgument", "embedding", "structure":
      .unprocessableContent
    case "outOfMemory": .serviceUnavailable
    default: .internalServerError
    }
  }

  /// An answer a line, each written when it is there. No more than eight of its images wait at a time, so that a long
  /// request leaves room for others.
  private func stream(
    _ asked: ImageRequest, _ model: ServedModel, _ lease: BodyLease,
    while isWanted: @escaping @Sendable () -> Bool
  ) -> Response {
    let (queue, limits, question) = (queue, limits, question.served(isPicture: false))
    let body = ResponseBody { writer in
      var (jobs, next): ([ImageJob], Int) = ([], 0)
      var patience = NIODeadline.now() + .nanoseconds(Int64(min(limits.seconds, 1e6) * 1e9))
      while next < asked.images.count || !jobs.isEmpty {
        while next < asked.images.count, jobs.count < 8,
          let admitted = try? queue.admit([asked.images[next]], asking: question, to: model, while: isWanted)
        {
          jobs += admitted
          next += 1
          patience = .now() + .nanoseconds(Int64(min(limits.seconds, 1e6) * 1e9))
        }
        guard !jobs.isEmpty else {
          guard isWanted(), .now() < patience else { throw CancellationError() }
          try await Task.sleep(for: .milliseconds(20))
          continue
        }
        let line: JSON
        do {
          line = try await jobs.removeFirst().answer().json
        } catch let error as ServiceError { line = error.json }
        try await writer.write(ByteBuffer(string: line.text + "\n"))
      }
      try await writer.finish(nil)
      // The images are in memory until here.
      withExtendedLifetime(lease) {}
    }
    return Response(status: .ok, headers: Reply.headers("application/x-ndjson"), body: body)
  }
}
