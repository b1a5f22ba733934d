//! A customer's leg as the carrier has it: what it sends to the server, signed, and what it makes of the answer.

use super::{
    carrier::{ACCOUNT, NUMBER, TOKEN},
    talk,
};
use anyhow::{Result, bail};
use std::net::SocketAddr;
use tsunagu_twiml::{signature::Signer, webhook::Form};

/// Sends webhooks to one server.
pub struct Sender {
    signer: Signer,
    host: String,
    base_url: String,
}

impl Sender {
    /// For the server at this address.
    pub fn new(server: SocketAddr) -> Self {
        Self { signer: Signer::new(TOKEN), host: server.to_string(), base_url: format!("http://{server}") }
    }

    /// Writes a webhook: a form for a path (with its query), whose body is in two parts.
    fn write(&self, out: &mut Vec<u8>, target: &str, form: &Form, body: (&str, &str)) {
        let signature = self.signer.sign(&format!("{}{target}", self.base_url), form);
        let length = (body.0.len() + body.1.len()).to_string();
        let parts = [
            "POST ",
            target,
            " HTTP/1.1\r\nHost: ",
            &self.host,
            "\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: ",
            &signature,
            "\r\nContent-Length: ",
            &length,
            "\r\n\r\n",
            body.0,
            body.1,
        ];
        for part in parts {
            out.extend_from_slice(part.as_bytes());
        }
    }
}

/// A live call.
pub struct Line {
    call: String,
    /// Where the answer to the last prompt goes: a path with its query.
    action: String,
    /// The parameters that every webhook about it carries.
    form: Form,
    /// The same, encoded.
    body: String,
    /// How much of the talk has been said.
    said: usize,
}

impl Line {
    /// A leg that the customer has just picked up.
    pub fn new(call: &str, call_sid: &str, to: &str) -> Self {
        let form: Form = parameters(call_sid, to).into_iter().collect();
        let body = form.to_body();
        Self {
            call: call.to_owned(),
            action: format!("/api/twilio/voice/conference/{call}"),
            form,
            body,
            said: 0,
        }
    }

    /// The call's id.
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Writes the request for the first document.
    pub fn pick_up(&self, sender: &Sender, out: &mut Vec<u8>) {
        sender.write(out, &self.action, &self.form, (&self.body, ""));
    }

    /// Writes the customer's next sentence.
    pub fn speak(&self, sender: &Sender, out: &mut Vec<u8>) {
        let (text, end) = talk::sentence(self.said);
        let form = self.form.clone().with("SpeechResult", text).with("Confidence", talk::CONFIDENCE);
        sender.write(out, &self.action, &form, (&self.body, end));
    }

    /// Takes in the answer to [`Self::pick_up`].
    ///
    /// # Errors
    /// It does not listen to the customer.
    pub fn picked_up(&mut self, status: u16, document: &[u8]) -> Result<()> {
        self.listen(status, document)
    }

    /// Takes in the answer to [`Self::speak`].
    ///
    /// # Errors
    /// It does not listen to the customer, or asks again what it asked before.
    pub fn spoken(&mut self, status: u16, document: &[u8]) -> Result<()> {
        self.said += 1;
        self.listen(status, document)
    }

    fn listen(&mut self, status: u16, document: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(document).unwrap_or_default();
        match gather_action(text) {
            Some(action) if status == 200 && action != self.action => {
                self.action = action;
                Ok(())
            }
            Some(_) if status == 200 => bail!("the server asks again what it asked before"),
            _ => {
                let start: String = text.chars().take(500).collect();
                bail!("the server answers {status} and does not listen: {start}")
            }
        }
    }
}

/// The path and query of a document's first `<Gather>`.
fn gather_action(document: &str) -> Option<String> {
    let (_, gather) = document.split_once("<Gather")?;
    let (attributes, _) = gather.split_once('>')?;
    let (_, url) = attributes.split_once(" action=\"")?;
    let (url, _) = url.split_once('"')?;
    // The fragment is for the carrier alone.
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    let (_, rest) = url.split_once("://")?;
    let target = rest.find('/').and_then(|slash| rest.get(slash..))?;
    // Of what XML escapes, only this one occurs in a URL.
    Some(target.replace("&amp;", "&"))
}

/// What Twilio sends with every webhook about an outbound call from one Japanese number to another.
fn parameters<'a>(call_sid: &'a str, to: &'a str) -> [(&'a str, &'a str); 25] {
    [
        ("AccountSid", ACCOUNT),
        ("ApiVersion", "2010-04-01"),
        ("CallSid", call_sid),
        ("CallStatus", "in-progress"),
        ("Called", to),
        ("CalledCity", ""),
        ("CalledCountry", "JP"),
        ("CalledState", ""),
        ("CalledZip", ""),
        ("Caller", NUMBER),
        ("CallerCity", ""),
        ("CallerCountry", "JP"),
        ("CallerState", ""),
        ("CallerZip", ""),
        ("Direction", "outbound-api"),
        ("From", NUMBER),
        ("FromCity", ""),
        ("FromCountry", "JP"),
        ("FromState", ""),
        ("FromZip", ""),
        ("To", to),
        ("ToCity", ""),
        ("ToCountry", "JP"),
        ("ToState", ""),
        ("ToZip", ""),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_twiml::{
        signature::{Body, SignedRequest, Verifier},
        webhook::{GatherInput, GatherResult},
    };

    const ADDRESS: &str = "127.0.0.1:5000";

    fn line() -> (Sender, Line) {
        (Sender::new(ADDRESS.parse().unwrap()), Line::new("65f000000000000000000001", "CA1", "+818000000001"))
    }

    fn document(turn: u32) -> String {
        format!(
            "<Response><Say>a</Say><Gather input=\"speech dtmf\" \
             action=\"http://{ADDRESS}/api/twilio/voice/gather/65f000000000000000000001?turn={turn}&amp;lang=ja#rc=5&amp;rp=ct\" \
             actionOnEmptyResult=\"true\"></Gather></Response>"
        )
    }

    /// The signature, the target and the body of a request.
    fn parts(request: &[u8]) -> (String, String, String) {
        let text = std::str::from_utf8(request).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        assert_eq!(value("Content-Length: "), body.len().to_string());
        let target = head.split(' ').nth(1).unwrap().to_owned();
        (value("X-Twilio-Signature: "), target, body.to_owned())
    }

    #[test]
    fn what_is_sent_is_signed_and_read_as_it_was_meant() {
        let (sender, mut line) = line();
        line.picked_up(200, document(1).as_bytes()).unwrap();
        let mut out = Vec::new();
        line.speak(&sender, &mut out);
        let (signature, target, body) = parts(&out);
        assert_eq!(target, "/api/twilio/voice/gather/65f000000000000000000001?turn=1&lang=ja");
        let form = Form::parse(body.as_bytes()).unwrap();
        let url = format!("http://{ADDRESS}{target}");
        let request = SignedRequest { url: &url, body: Body::Form(&form), signature: Some(&signature) };
        Verifier::new([TOKEN]).verify(&request).unwrap();
        let heard = GatherResult::from_form(form).unwrap();
        let GatherInput::Speech { text, confidence } = heard.input else { panic!("no speech") };
        assert_eq!((text.as_str(), confidence), (talk::TALK[0].1, Some(0.91)));
        assert_eq!(heard.voice.call_sid, "CA1");
    }

    #[test]
    fn only_a_new_prompt_is_a_turn() {
        let (_, mut line) = line();
        line.picked_up(200, document(1).as_bytes()).unwrap();
        line.spoken(200, document(2).as_bytes()).unwrap();
        assert!(line.spoken(200, document(2).as_bytes()).is_err(), "the same again");
        assert!(line.spoken(500, document(3).as_bytes()).is_err());
        let error = line.spoken(200, b"<Response><Hangup/></Response>").unwrap_err();
        assert!(error.to_string().contains("<Hangup/>"));
    }
}
