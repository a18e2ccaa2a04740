extension POSIX {
  /// Starts a thread that runs `body`; nil if the system cannot start one.
  static func startThread(
    _ attributes: UnsafePointer<pthread_attr_t>?, _ body: @escaping @Sendable () -> Void
  ) -> pthread_t? {
    let box = Unmanaged.passRetained(ThreadBody(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, attributes,
        { context in
          Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, box.toOpaque())
      let started = thread
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, attributes,
        { context in
          if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
          return nil
        }, box.toOpaque())
      let started: pthread_t? = thread
    #endif
    if status != 0 { box.release() }
    return status == 0 ? started : nil
  }

  /// A number that identifies the current thread among all running ones.
  static var currentThread: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }

  private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
