"""Python's own clients through Sallyport, unchanged but for base URL and key. Prints one JSON line per case."""
import asyncio
import json
import os
import sys

import anthropic
import openai
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

OPENAI, ANTHROPIC, KEY = os.environ["LAB_OPENAI"], os.environ["LAB_ANTHROPIC"], os.environ["SALLYPORT_KEY"]
MAIL = "maria.keller@brunnhof-ag.ch"
ASK = f"[[echo]] Write to {MAIL}."
WANT = f"Write to {MAIL}."


def say(name, ok, seen):
    print(json.dumps({"name": name, "ok": bool(ok), "seen": str(seen)[:300]}), flush=True)


def case(name):
    def wrap(run):
        try:
            seen = run()
            if asyncio.iscoroutine(seen):
                seen = asyncio.run(seen)
            say(name, seen is True or seen == WANT, seen)
        except Exception as error:  # what the case did not expect is its result
            say(name, False, f"{type(error).__name__}: {error}")
    return wrap


client = openai.OpenAI(base_url=OPENAI, api_key=KEY, max_retries=0)
claude = anthropic.Anthropic(base_url=ANTHROPIC, api_key=KEY, max_retries=0)
MESSAGES = [{"role": "user", "content": ASK}]


@case("openai: whole")
def _():
    return client.chat.completions.create(model="gpt-4o", messages=MESSAGES).choices[0].message.content


@case("openai: streamed")
def _():
    stream = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True)
    return "".join(c.choices[0].delta.content or "" for c in stream if c.choices)


@case("openai: responses, streamed")
def _():
    with client.responses.stream(model="gpt-4o", input=ASK, store=False) as stream:
        return stream.get_final_response().output_text


@case("openai: a wrong key raises AuthenticationError with our code")
def _():
    try:
        openai.OpenAI(base_url=OPENAI, api_key="sp_wrong", max_retries=0).models.list()
    except openai.AuthenticationError as error:
        return error.code == "bad_credential"


@case("openai: a catastrophic tool call is taken out")
def _():
    tools = [{"type": "function", "function": {"name": "shell", "parameters": {"type": "object", "properties": {"command": {"type": "string"}}}}}]
    ask = [{"role": "user", "content": '[[tool shell {"command":"rm -rf ~"}]]'}]
    message = client.chat.completions.create(model="gpt-4o", messages=ask, tools=tools).choices[0].message
    return not message.tool_calls and "[Sallyport]" in message.content


@case("anthropic: whole")
def _():
    return claude.messages.create(model="claude-sonnet-4-5", max_tokens=100, messages=MESSAGES).content[0].text


@case("anthropic: streamed")
def _():
    with claude.messages.stream(model="claude-sonnet-4-5", max_tokens=100, messages=MESSAGES) as stream:
        return stream.get_final_message().content[0].text


@case("anthropic: a wrong key raises AuthenticationError")
def _():
    try:
        anthropic.Anthropic(base_url=ANTHROPIC, api_key="sp_wrong", max_retries=0).models.list()
    except anthropic.AuthenticationError as error:
        return "sp_" in str(error)


chat = ChatOpenAI(model="gpt-4o", base_url=OPENAI, api_key=KEY, max_retries=0)


@case("langchain-openai: invoke")
def _():
    return chat.invoke(ASK).content


@case("langchain-openai: stream")
def _():
    return "".join(c.content for c in chat.stream(ASK))


@case("langchain-openai: async stream")
async def _():
    return "".join([c.content async for c in chat.astream(ASK)])


@case("langchain-openai: responses api")
def _():
    content = ChatOpenAI(model="gpt-4o", base_url=OPENAI, api_key=KEY, max_retries=0, use_responses_api=True, store=False).invoke(ASK).content
    return content if isinstance(content, str) else content[0]["text"]


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"rain in {city}"


@case("langchain-openai: tools, with restored arguments")
def _():
    calls = chat.bind_tools([weather]).invoke(f'[[tool weather {{"city":"{MAIL}"}}]]').tool_calls
    return calls[0]["args"] == {"city": MAIL}


@case("langchain-openai: embeddings")
def _():
    vectors = OpenAIEmbeddings(model="text-embedding-3-small", base_url=OPENAI, api_key=KEY, check_embedding_ctx_length=False).embed_documents([ASK, "x"])
    return len(vectors) == 2


@case("langchain-anthropic: invoke")
def _():
    return ChatAnthropic(model="claude-sonnet-4-5", base_url=ANTHROPIC, api_key=KEY, max_retries=0).invoke(ASK).content


@case("langchain-anthropic: stream")
def _():
    model = ChatAnthropic(model="claude-sonnet-4-5", base_url=ANTHROPIC, api_key=KEY, max_retries=0)
    return "".join(c.content if isinstance(c.content, str) else "".join(p.get("text", "") for p in c.content) for c in model.stream(ASK))


sys.exit(0)
