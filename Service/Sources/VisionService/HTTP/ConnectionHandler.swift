import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import VisionSystem

/// Watches one connection: requests must arrive in time, clients that are gone end their work, what is no HTTP gets the named
/// error, and who asks whether to send a body is told so.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: RequestLimits
  /// Whether the body of a request is being read.
  private var isReading = false
  /// Requests whose answers are not yet written.
  private var unanswered = 0
  private var hasRequest = false
  /// Whether the head of an answer is written, and not yet its end.
  private var isAnswering = false
  /// Whether the service stops: the last answer says that the connection closes, so that the client sends nothing more over it.
  private var isStopping = false
  private var timer: Scheduled<Void>?
  private var farewell: Scheduled<Void>?

  init(limits: RequestLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { expect(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    expect(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    stopTimer()
    farewell?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    stopTimer()
    farewell?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      (hasRequest, isReading) = (true, true)
      unanswered += 1
      expect(context)
      if head.headerFields[.expect]?.lowercased() == "100-continue", fits(head) {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
    case .body: break
    case .end:
      isReading = false
      stopTimer()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.kind != .informational:
      isAnswering = true
      if isStopping, unanswered <= 1 {
        head.headerFields[.connection] = "close"
        return context.write(wrapOutboundOut(.head(head)), promise: promise)
      }
    case .end:
      unanswered -= 1
      isAnswering = false
      // The head was written before the service was to stop, and could not say so.
      if isStopping, unanswered == 0, farewell == nil { sayFarewell(context) }
    default: break
    }
    context.write(data, promise: promise)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Whoever has closed a connection whose request was read does not wait for the answer.
    if let event = event as? ChannelEvent, event == .inputClosed, unanswered > 0, !isReading {
      context.close(promise: nil)
      return
    }
    if event is ChannelShouldQuiesceEvent {
      isStopping = true
      if unanswered == 0 { sayFarewell(context) }
      if unanswered == 0 || isAnswering { return }
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// The service stops. What a client has just sent may not have been read: the connection is closed a moment later, and a request
  /// that comes until then is answered before.
  private func sayFarewell(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    farewell = context.eventLoop.scheduleTask(in: .milliseconds(200)) {
      bound.value.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The request's own reader answers what happens inside of a body.
    guard unanswered == 0, let error = error as? HTTPParserError else {
      context.fireErrorCaught(error)
      return
    }
    refuse(context, Self.error(error))
  }

  /// The named error for what is no HTTP.
  static func error(_ error: HTTPParserError) -> ServiceError {
    error == .headerOverflow
      ? ServiceError(.header, "the header is above the limit")
      : ServiceError(.malformed, "this is no request of HTTP/1.1: \(error)")
  }

  private func fits(_ head: HTTPRequest) -> Bool {
    head.headerFields[.contentLength].flatMap { Int($0) }.map { $0 <= limits.bodyBytes } ?? true
  }

  private func expect(_ context: ChannelHandlerContext) {
    stopTimer()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let time = TimeAmount.nanoseconds(Int64(min(max(limits.seconds, 0.001), 1e6) * 1e9))
    timer = context.eventLoop.scheduleTask(in: time) {
      let (handler, context) = bound.value
      handler.isLate(context)
    }
  }

  private func isLate(_ context: ChannelHandlerContext) {
    let error = ServiceError(.slow, "the request did not arrive within \(limits.seconds) seconds")
    if isReading {
      context.fireErrorCaught(error)
    } else if !hasRequest {
      refuse(context, error)
    }
  }

  private func stopTimer() {
    timer?.cancel()
    timer = nil
  }

  /// Answers without a request, and closes the connection.
  private func refuse(_ context: ChannelHandlerContext, _ error: ServiceError) {
    let body = ByteBuffer(string: error.json.text + "\n")
    var head = HTTPResponse(status: error.kind.status)
    head.headerFields[.contentType] = "application/json"
    head.headerFields[.contentLength] = "\(body.readableBytes)"
    head.headerFields[.connection] = "close"
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
  }
}
