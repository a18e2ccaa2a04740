import VisionNet
import VisionSystem

/// The arguments of the process as bytes; Swift's strings have invalid UTF-8 replaced.
enum RawArguments {
  /// The paths that the arguments name. An argument with replaced bytes is looked up in the original
  /// arguments.
  static func paths(_ arguments: [String]) -> [FilePath] {
    var damaged: [String: [[UInt8]]] = [:]
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index] else { continue }
      let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) }
      if String(validating: bytes, as: UTF8.self) == nil {
        damaged[String(decoding: bytes, as: UTF8.self), default: []].append(bytes)
      }
    }
    return arguments.map { argument in
      guard let candidates = damaged[argument], let first = candidates.first else {
        return FilePath(argument)
      }
      if candidates.count > 1 { damaged[argument] = Array(candidates.dropFirst()) }
      return FilePath(bytes: first)
    }
  }

  static func path(_ argument: String) -> FilePath { paths([argument]).first ?? FilePath(argument) }
}
