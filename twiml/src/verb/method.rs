//! How Twilio requests a URL.

keywords! {
    /// The HTTP method of a request that Twilio makes; POST unless said otherwise.
    pub enum Method {
        /// GET, the parameters in the query string.
        Get = "GET" | "get",
        /// POST, the parameters as a form.
        Post = "POST" | "post",
    }
}
