import CFuzzer

/// Hands the process to libFuzzer, which calls the chosen target with one input after the other.
@main struct Main {
  static func main() {
    _ = Target.chosen
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let status = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      Target.chosen.body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
      return 0
    }
    exit(status)
  }
}
