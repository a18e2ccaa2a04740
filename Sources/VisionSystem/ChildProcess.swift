/// A program that is run without a shell, and whose output is captured.
package struct ChildProcess {
  /// How it ended.
  package enum Ending: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// Terminated because the task that waited for it was cancelled.
    case cancelled
  }

  /// The step that failed.
  package struct Failure: Error {
    package enum Step: Sendable { case pipe, start }
    package let step: Step
    /// The system's error number.
    package let number: Int32
  }

  /// The number of bytes of output that are kept; earlier output is discarded.
  package static let outputLimit = 1 << 16

  private let executable: String
  private let arguments: [String]
  private let environment: [String: String]
  private let directory: String

  /// A program at the absolute path `executable`, which will run in `directory` with no standard input.
  package init(_ executable: String, _ arguments: [String], environment: [String: String], directory: String)
  {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }

  /// Runs the program to its end and calls `tick` several times a second.
  ///
  /// The program stays in this process's group, so that Ctrl-C at the terminal ends both. When the task is
  /// cancelled, the program receives SIGTERM, and after two seconds SIGKILL.
  package func run(tick: () -> Void) throws(Failure) -> (ending: Ending, output: [UInt8]) {
    let (reading, writing) = try pipe()
    defer { close(reading) }
    let process = try spawn(writing)
    var output: [UInt8] = []
    var isOpen = true
    var isCancelled = false
    var patience = 20
    while true {
      if isOpen {
        isOpen = Self.drain(reading, into: &output, wait: 100)
      } else {
        usleep(100_000)
      }
      tick()
      var status: Int32 = 0
      let result = waitpid(process, &status, WNOHANG)
      if result == process {
        if isOpen { _ = Self.drain(reading, into: &output, wait: 0) }
        return (isCancelled ? .cancelled : Self.ending(status), output)
      }
      // Other code in this process has waited for all children, so the status is lost; callers check the
      // results.
      if result < 0 && errno == ECHILD { return (isCancelled ? .cancelled : .exited(0), output) }
      if Task.isCancelled {
        if !isCancelled { kill(process, SIGTERM) }
        isCancelled = true
        patience -= 1
        if patience == 0 { kill(process, SIGKILL) }
      }
    }
  }

  private static func ending(_ status: Int32) -> Ending {
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
  }

  private func pipe() throws(Failure) -> (reading: Int32, writing: Int32) {
    guard let ends = POSIX.pipe() else { throw Failure(step: .pipe, number: errno) }
    _ = fcntl(ends.reading, F_SETFL, O_NONBLOCK)
    return ends
  }

  /// Starts the program and closes `writing` in this process.
  private func spawn(_ writing: Int32) throws(Failure) -> pid_t {
    defer { close(writing) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, writing, 1)
    posix_spawn_file_actions_adddup2(&actions, writing, 2)
    Self.changeDirectory(&actions, directory)
    // A caller may block or ignore signals; the child must still end when asked to.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var process: pid_t = 0
    let result = Self.withStrings([executable] + arguments) { arguments in
      Self.withStrings(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) { variables in
        posix_spawn(&process, executable, &actions, &attributes, arguments, variables)
      }
    }
    guard result == 0 else {
      throw Failure(step: .start, number: result)
    }
    return process
  }

  #if canImport(Darwin)
    private static func changeDirectory(_ actions: inout posix_spawn_file_actions_t?, _ directory: String) {
      posix_spawn_file_actions_addchdir_np(&actions, directory)
    }
  #else
    /// Looks up the function by name, since the C library declares it under a feature macro that Swift does
    /// not set. Without it, the child starts in this process's directory.
    private static func changeDirectory(_ actions: inout posix_spawn_file_actions_t, _ directory: String) {
      typealias Function =
        @convention(c) (
          UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
        ) -> Int32
      guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return }
      _ = unsafeBitCast(symbol, to: Function.self)(&actions, directory)
    }
  #endif

  private static func withStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    defer {
      for index in strings.indices { free(pointers[index]) }
      pointers.deallocate()
    }
    for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
    (pointers + strings.count).initialize(to: nil)
    return body(pointers)
  }

  /// Reads available output, waiting at most `wait` milliseconds for it; false at the end of the output.
  private static func drain(_ descriptor: Int32, into output: inout [UInt8], wait: Int32) -> Bool {
    guard POSIX.waitToRead(descriptor, milliseconds: wait) else { return true }
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return false }
      if count < 0 {
        if errno == EINTR { continue }
        return errno == EAGAIN
      }
      output += buffer[..<count]
      if output.count > outputLimit { output.removeFirst(output.count - outputLimit) }
    }
  }
}
