import HTTPTypes
import VisionSystem

/// Why a request is not answered.
struct ServiceError: VisionError, Hashable {
  /// The kinds of error, with stable names for programs.
  enum Kind: String, ErrorKind, CaseIterable {
    /// The request, or its body, is not what the route reads.
    case malformed
    /// A parameter that the route does not know, or a value outside its range.
    case parameter
    /// The token is missing or wrong.
    case unauthorized
    /// A script of another page asks.
    case origin
    /// There is nothing at the path.
    case unknownRoute
    /// There is no model of that name, or none for the task.
    case unknownModel
    /// The path takes another method.
    case method
    /// The request did not arrive in time.
    case slow
    /// The body, or the number of images in it, is above the limit.
    case tooLarge
    /// The body is of a type that the route does not read.
    case unsupported
    /// Too many images wait.
    case queueFull
    /// The header is above the limit.
    case header
    /// The answer did not begin in time.
    case timeout
    /// The models do not fit the memory limit.
    case memory
    /// The model cannot be read, or its network fails.
    case model

    var blame: Blame {
      switch self {
      case .queueFull, .timeout, .memory: .machine
      case .model: .data
      default: .usage
      }
    }

    var status: HTTPResponse.Status {
      switch self {
      case .malformed, .parameter: .badRequest
      case .unauthorized: .unauthorized
      case .origin: .forbidden
      case .unknownRoute, .unknownModel: .notFound
      case .method: .methodNotAllowed
      case .slow: .requestTimeout
      case .tooLarge: .contentTooLarge
      case .unsupported: .unsupportedMediaType
      case .queueFull: .tooManyRequests
      case .header: .requestHeaderFieldsTooLarge
      case .timeout, .memory: .serviceUnavailable
      case .model: .internalServerError
      }
    }
  }

  let kind: Kind
  let message: String
  var place: String?
  var remedy: String?
  /// Seconds after which it makes sense to ask again; nil where it makes none.
  var retryAfter: Int?
  /// The methods that the path takes, for errors of the method.
  var allowed: String?

  init(
    _ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil, retryAfter: Int? = nil,
    allowed: String? = nil
  ) {
    (self.kind, self.message, self.place, self.remedy) = (kind, message, place, remedy)
    (self.retryAfter, self.allowed) = (retryAfter, allowed)
  }

  /// The body of the answer, in the form of the command line's records of errors.
  var json: JSON {
    let text = (place.map { "\($0): \(message)" } ?? message) + (remedy.map { " (\($0))" } ?? "")
    return ["schema": 1, "error": ["code": .string(code), "message": .string(text)]]
  }

  /// Any error as one that can be answered.
  static func wrapping(_ error: any Error) -> ServiceError {
    if let error = error as? ServiceError { return error }
    if let error = error as? any VisionError {
      return ServiceError(.model, error.message, place: error.place, remedy: error.remedy)
    }
    return ServiceError(.model, "\(error)")
  }
}
